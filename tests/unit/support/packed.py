"""Reading little-endian packed tokens back, by other means than they are written with."""

from dataclasses import dataclass


@dataclass
class Packed:
    """The bytes that are left."""

    left: bytes

    def take(self, count: int) -> bytes:
        assert len(self.left) >= count, "the token ends early"
        taken, self.left = self.left[:count], self.left[count:]
        return taken

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def text(self) -> bytes:
        return self.take(self.number(2))

    def privileges(self) -> dict[int, int]:
        return {self.number(2): self.number(4) for _ in range(self.number(2))}
