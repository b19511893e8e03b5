"""What kernel.search brings to the house."""

from pathlib import Path

from octavo.kernel.module import Module, PersonalData

PURPOSE = "to find what belongs to a person, or to an account, by its words"

MODULE = Module(
    name="search",
    migrations=Path(__file__).parent / "migrations",
    personal_data=[
        PersonalData(table="search.thing", person="owner_id", purpose=PURPOSE, erase="delete"),
        PersonalData(table="search.token", person="owner_id", purpose=PURPOSE, erase="delete"),
    ],
)
