"""Pictures of codes, as a shop would print them: libqrencode's matrix in a PNG file."""

import ctypes
import struct
import zlib

PIXELS, QUIET, LEVEL_M, MODE_8 = 6, 4, 1, 2


class Matrix(ctypes.Structure):
    _fields_ = [('version', ctypes.c_int), ('width', ctypes.c_int), ('data', ctypes.POINTER(ctypes.c_ubyte))]


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def write(payload, path):
    library = ctypes.CDLL('libqrencode.so.4')
    library.QRcode_encodeString.restype = ctypes.POINTER(Matrix)
    library.QRcode_free.argtypes = [ctypes.POINTER(Matrix)]
    matrix = library.QRcode_encodeString(payload.encode(), 0, LEVEL_M, MODE_8, 1)
    width = matrix.contents.width
    size = (width + 2 * QUIET) * PIXELS
    lines = []
    for y in range(-QUIET, width + QUIET):
        inside = 0 <= y < width
        row = bytes(0 if inside and 0 <= x < width and matrix.contents.data[y * width + x] & 1 else 255
                    for x in range(-QUIET, width + QUIET) for _ in range(PIXELS))
        lines += [b'\0' + row] * PIXELS
    library.QRcode_free(matrix)
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', size, size, 8, 0, 0, 0, 0))
                   + chunk(b'IDAT', zlib.compress(b''.join(lines))) + chunk(b'IEND', b''))
