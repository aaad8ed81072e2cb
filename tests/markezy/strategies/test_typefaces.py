"""The typefaces there are to choose from: named, there, and of a kind the documents can embed."""

from typing import get_args

import pytest
from markezy.strategies.typefaces import DEFAULT, FontKey, Typeface, typeface, typefaces
from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped]


def test_every_key_of_the_brand_is_a_typeface_and_the_default_comes_first() -> None:
    assert [one.key for one in typefaces()] == list(get_args(FontKey))
    assert typefaces()[0].key == DEFAULT
    assert len({one.name for one in typefaces()}) == len(typefaces())
    assert all(typeface(one.key) is one for one in typefaces())


@pytest.mark.parametrize("face", typefaces(), ids=lambda one: one.key)
def test_its_four_files_are_there_and_may_be_embedded(face: Typeface) -> None:
    names = set()
    for file in face.files:
        read = TTFontFile(str(file))
        names.add(read.name)
        assert file.suffix == ".ttf"
    assert len(names) == len(face.files) == 4
