"""Every setting says what it is for, under the name that people set."""

from octavo.settings import describe_settings, load_settings


def test_every_setting_has_a_sentence() -> None:
    docs = describe_settings()
    assert docs
    assert not [doc.variable for doc in docs if len(doc.description.split()) < 3 or not doc.description.endswith(".")]


def test_every_setting_has_a_type_that_a_reader_understands() -> None:
    assert not [doc.variable for doc in describe_settings() if not doc.type or doc.type in {"custom", "any", "raw"}]


def test_every_written_default_is_accepted_as_a_variable(tmp_path) -> None:
    plain = {doc.variable: doc.default for doc in describe_settings() if not doc.default.startswith(("[", "{", "null"))}
    assert load_settings(tmp_path, environ=plain) == load_settings(tmp_path, environ={})
