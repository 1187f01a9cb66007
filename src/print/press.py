# HTML on standard input, PDF on standard output; the first argument is the day the document is of.
# Nothing is fetched: whatever the HTML points to, in this machine or outside, is left out. Only fonts are read.
import ctypes
import logging
import resource
import sys

LIMITS = (
    (resource.RLIMIT_CPU, 60),
    (resource.RLIMIT_AS, 4 << 30),
    (resource.RLIMIT_FSIZE, 64 << 20),
    (resource.RLIMIT_CORE, 0),
)
for what, most in LIMITS:
    resource.setrlimit(what, (most, most))

from weasyprint import HTML  # noqa: E402

try:
    from weasyprint.pdf.stream import Font
except ImportError:
    # Later versions keep it elsewhere and cut fonts by HarfBuzz themselves.
    Font = None

logging.getLogger("weasyprint").setLevel(logging.CRITICAL)


def refuse(url, *_, **__):
    raise ValueError("nothing is fetched")


# Cutting a font of 65,000 Chinese glyphs down to what a page needs takes WeasyPrint 57 seconds, HarfBuzz milliseconds.
NO_HINTING, RETAIN_GIDS, DESUBROUTINIZE, NOTDEF_OUTLINE = 0x1, 0x2, 0x4, 0x40
DROPPED_TABLES = 3
UNNEEDED = ("GSUB", "GPOS", "GDEF", "SVG ")


class HarfBuzz:
    def __init__(self):
        self.base = ctypes.CDLL("libharfbuzz.so.0")
        self.subset = ctypes.CDLL("libharfbuzz-subset.so.0")
        pointers = {
            self.base: ("hb_blob_create", "hb_face_create", "hb_face_reference_blob", "hb_blob_get_data"),
            self.subset: (
                "hb_subset_input_create_or_fail",
                "hb_subset_input_glyph_set",
                "hb_subset_input_set",
                "hb_subset_or_fail",
            ),
        }
        for library, names in pointers.items():
            for name in names:
                getattr(library, name).restype = ctypes.c_void_p

    def cut(self, content, number, glyphs):
        base, subset, pointer = self.base, self.subset, ctypes.c_void_p
        blob = base.hb_blob_create(content, len(content), 1, None, None)
        face = base.hb_face_create(pointer(blob), number)
        wanted = subset.hb_subset_input_create_or_fail()
        kept = subset.hb_subset_input_glyph_set(pointer(wanted))
        for glyph in glyphs:
            base.hb_set_add(pointer(kept), glyph)
        dropped = subset.hb_subset_input_set(pointer(wanted), DROPPED_TABLES)
        for table in UNNEEDED:
            base.hb_set_add(pointer(dropped), int.from_bytes(table.encode(), "big"))
        flags = NO_HINTING | RETAIN_GIDS | DESUBROUTINIZE | NOTDEF_OUTLINE
        subset.hb_subset_input_set_flags(pointer(wanted), flags)
        small = subset.hb_subset_or_fail(pointer(face), pointer(wanted))
        if not small:
            raise ValueError("the font cannot be cut")
        small = base.hb_face_reference_blob(pointer(small))
        length = ctypes.c_uint()
        data = base.hb_blob_get_data(pointer(small), ctypes.byref(length))
        return ctypes.string_at(data, length.value)


def quickened(slow):
    def clean(font, glyphs):
        special = font.ttfont is None or "fvar" in font.ttfont or font.png or font.svg
        if special or not glyphs:
            return slow(font, glyphs)
        try:
            font.file_content = HarfBuzz().cut(font.file_content, font.index, glyphs)
        except (OSError, AttributeError, ValueError):
            slow(font, glyphs)

    return clean


if Font:
    Font.clean = quickened(Font.clean)

text = sys.stdin.buffer.read().decode("utf-8")
document = HTML(string=text, url_fetcher=refuse).render()
document.metadata.created = sys.argv[1]
sys.stdout.buffer.write(document.write_pdf())
