"""The desktop application: layout and wiring."""
