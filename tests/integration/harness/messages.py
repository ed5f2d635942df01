"""Numbered messages in a framing: what was lost, torn or reordered on the way shows."""

import struct
from typing import List


class Lines:
    """Each ends with a line feed."""

    framing = "line"

    @staticmethod
    def encode(number: int) -> bytes:
        return _body(number) + b"\n"

    @staticmethod
    def decode(stream: bytes) -> List[bytes]:
        if not stream:
            return []
        assert stream.endswith(b"\n"), f"the last line is torn: {stream[-40:]!r}"
        return stream[:-1].split(b"\n")


class Prefixed:
    """Each begins with its length, which counts its own bytes."""

    framing = "{length_prefix: {bytes: 2, endian: little, includes_header: true}}"

    @staticmethod
    def encode(number: int) -> bytes:
        body = _body(number)
        return struct.pack("<H", len(body) + 2) + body

    @staticmethod
    def decode(stream: bytes) -> List[bytes]:
        bodies, at = [], 0
        while at < len(stream):
            size, = struct.unpack_from("<H", stream, at)
            assert 2 < size <= len(stream) - at, f"torn at {at} of {len(stream)} bytes"
            bodies.append(stream[at + 2:at + size])
            at += size
        return bodies


def numbers_in(messages: type, stream: bytes) -> List[int]:
    """The numbers of the messages in a stream, each of which has to be whole and as it was sent."""
    numbers = []
    for body in messages.decode(stream):
        number = int(body[:8])
        assert body == _body(number), f"not a message as it was sent: {body[:60]!r}"
        numbers.append(number)
    return numbers


def _body(number: int) -> bytes:
    """Of every size from 100 to 1,999 bytes, to meet the edges of all buffers."""
    return (b"%08d " % number * 223)[:100 + number * 37 % 1900]
