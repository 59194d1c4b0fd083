"""Files that leave the program: data, pictures, scenarios, summaries."""
