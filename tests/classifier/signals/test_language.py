"""English, other languages, and what is too short to tell."""

import pytest

from classifier.signals.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "hi greg u dont know me but my aunt sees ur name in the paper alot",
        "Free from June. 17 years TIG and MIG.",
        "Ripper.",
        "",
        "Karl, danke for the seeds, the children are watering them every day.",
        "Terje Moen in Vik, 555 01 482. He hung my lamps.",
        "yo mara. first track ever. link below. be brutal pls",
        "Yes!! Lena Corwen, lena@corwenlux.example. Wildly gifted, totally dependable, everyone adores working with her. "
        "Book her before somebody else does.",
    ],
)
def test_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrter Herr Brandt, könnten Sie mich bitte Frau Weber vorstellen? Mit besten Grüßen",
        "Bonjour Karl, pourriez-vous me présenter à Madame Weber ? Je vous en serais très reconnaissant.",
        "Hola Karl, ¿podría usted presentarme a la señora Weber? Muchas gracias por su tiempo.",
        "Hoi Karl, zou je me kunnen voorstellen aan mevrouw Weber? Ik zou dat graag willen.",
        "Ciao Marta, grazie mille per ieri sera, tutto molto buono. Domani porto io il vino, va bene rosso? Un abbraccio",
        "Hei Osmo, kiitos viimeisesta. Tulen lauantaina jos sopii, voin tuoda kalaa ja leipaa. Terveisin Kaarina",
        "Добрый день, не могли бы вы познакомить меня с господином Вебером?",
    ],
)
def test_other_languages(text: str) -> None:
    assert not is_english(text)
