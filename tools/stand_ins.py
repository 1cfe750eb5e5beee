"""Makes the window system's libraries unnecessary for the bpy module where they are not installed.

The module is linked against X11's libraries but never calls them without a window. Where they are missing, the
loader refuses the module, and installing them takes root. A stand-in is a shared library of the same name, in the
module's own folder, whose functions all return 0: the loader is content, and nothing ever runs in it.
x86-64 Linux only, which is what the module is made for. Standard library only.
"""

import ctypes
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Needs", "make_stand_ins", "read_needs", "stand_in"]

LIBRARIES = re.compile(r"lib(X|xkbcommon|GL|OpenGL|SM|ICE)")
FUNCTIONS = re.compile(rb"_?X[A-Za-z]|xkb_|gl[A-Z]|Sm[A-Z]|Ice[A-Z]")
"""Names of the window system alone: a stand-in must never come before the C library."""

RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret
PAGE = 0x1000
DT_NEEDED, DT_HASH, DT_STRTAB, DT_SYMTAB, DT_STRSZ, DT_SYMENT, DT_SONAME = 1, 4, 5, 6, 10, 11, 14
SHT_DYNAMIC, SHT_DYNSYM = 6, 11
GLOBAL_FUNCTION = 0x12
GLOBAL = 1


@dataclass(frozen=True)
class Needs:
    """What a shared library wants of others: their names, and functions by name."""

    libraries: frozenset[str]
    wanted: frozenset[bytes]


def make_stand_ins(module: Path) -> list[str]:
    """Write stand-ins for the missing libraries of the bpy package in the folder ``module``; their names."""
    folder = module / "lib"
    own = {path.name: path for path in folder.glob("*.so*")}
    needs = [read_needs(path) for path in _reached(module / "__init__.so", own)]
    others = {name for need in needs for name in need.libraries} - own.keys()
    missing = sorted(name for name in others if LIBRARIES.match(name) and not _loads(name))
    functions = sorted({name for need in needs for name in need.wanted if FUNCTIONS.match(name)})
    for name in missing:
        (folder / name).write_bytes(stand_in(name, functions))
    return missing


def _reached(start: Path, own: dict[str, Path]) -> Iterator[Path]:
    """The library itself and those of the package that it leads to."""
    seen, waiting = {start}, [start]
    while waiting:
        path = waiting.pop()
        yield path
        for name in read_needs(path).libraries:
            if name in own and own[name] not in seen:
                seen.add(own[name])
                waiting.append(own[name])


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def read_needs(path: Path) -> Needs:
    """Read the dynamic section and symbols. Source of the format: System V ABI, ELF-64 object file format."""
    with path.open("rb") as stream:
        header = stream.read(64)
        sections_at, size, count = (*struct.unpack_from("<Q", header, 40), *struct.unpack_from("<HH", header, 58))
        stream.seek(sections_at)
        sections = [struct.unpack("<IIQQQQIIQQ", stream.read(size)[:64]) for _ in range(count)]

        def content(section: tuple[int, ...]) -> bytes:
            stream.seek(section[4])
            return stream.read(section[5])

        libraries, wanted = set[str](), set[bytes]()
        for section in sections:
            if section[1] == SHT_DYNAMIC:
                names = content(sections[section[6]])
                entries = struct.iter_unpack("<qQ", content(section))
                libraries |= {_text(names, value).decode() for tag, value in entries if tag == DT_NEEDED}
            elif section[1] == SHT_DYNSYM:
                names = content(sections[section[6]])
                for name_at, info, _other, defined_in, _value, _size in struct.iter_unpack("<IBBHQQ", content(section)):
                    # A weak one may stay undefined, and is asked about.
                    if not defined_in and name_at and info >> 4 == GLOBAL:
                        wanted.add(_text(names, name_at))
    return Needs(frozenset(libraries), frozenset(wanted))


def _text(names: bytes, start: int) -> bytes:
    return names[start : names.index(b"\0", start)]


def stand_in(soname: str, functions: list[bytes]) -> bytes:
    """A shared library called ``soname`` that has ``functions``, each returning 0."""
    strings = b"\0" + soname.encode() + b"\0"
    symbols = bytes(24)
    headers = 64 + 4 * 56
    code_at = headers
    for name in functions:
        symbols += struct.pack("<IBBHQQ", len(strings), GLOBAL_FUNCTION, 0, 1, code_at, len(RETURN_ZERO))
        strings += name + b"\0"
    number = len(functions) + 1
    # One bucket that chains through all symbols: a lookup is slow and never happens often enough to matter.
    hashes = struct.pack("<III", 1, number, min(1, number - 1))
    hashes += b"".join(struct.pack("<I", index + 1 if 0 < index < number - 1 else 0) for index in range(number))
    hashes_at = _aligned(code_at + len(RETURN_ZERO))
    symbols_at = _aligned(hashes_at + len(hashes))
    strings_at = symbols_at + len(symbols)
    dynamic_at = (strings_at + len(strings) + PAGE - 1) // PAGE * PAGE
    dynamic = b"".join(
        struct.pack("<qQ", *entry)
        for entry in (
            (DT_SONAME, 1),
            (DT_HASH, hashes_at),
            (DT_STRTAB, strings_at),
            (DT_SYMTAB, symbols_at),
            (DT_STRSZ, len(strings)),
            (DT_SYMENT, 24),
            (0, 0),
        )
    )
    body = bytearray(dynamic_at + len(dynamic))
    body[:headers] = _headers(strings_at + len(strings), dynamic_at, len(dynamic))
    for start, part in (
        (code_at, RETURN_ZERO),
        (hashes_at, hashes),
        (symbols_at, symbols),
        (strings_at, strings),
        (dynamic_at, dynamic),
    ):
        body[start : start + len(part)] = part
    return bytes(body)


def _aligned(offset: int) -> int:
    return (offset + 7) // 8 * 8


def _headers(first_size: int, dynamic_at: int, dynamic_size: int) -> bytes:
    """ELF header; read-only code and tables, the writable dynamic section, and a stack that is not executable."""
    identity = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    file = struct.pack("<16sHHIQQQIHHHHHH", identity, 3, 62, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)
    readable, writable, executable = 4, 2, 1
    segments = (
        (1, readable | executable, 0, first_size, PAGE),
        (1, readable | writable, dynamic_at, dynamic_size, PAGE),
        (2, readable | writable, dynamic_at, dynamic_size, 8),
        (0x6474E551, readable | writable, 0, 0, 16),
    )
    return file + b"".join(
        struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, align)
        for kind, flags, at, size, align in segments
    )
