"""Claims that are not those of the lecture."""

from __future__ import annotations

from lazygui.claims.claim import Claim


class FakeClaims(dict[str, Claim]):
    """Stands in for the registry."""

    def of_demo(self, demo: str) -> list[Claim]:
        return [claim for claim in self.values() if claim.demo == demo]
