"""What kernel.subject brings to the house."""

from pathlib import Path

from octavo.kernel.module import Module, PersonalData

MODULE = Module(
    name="subject",
    migrations=Path(__file__).parent / "migrations",
    personal_data=[
        PersonalData(
            table="subject.subject",
            person="owner_id",
            purpose="to know whose thing it is that others like, comment on or report",
            erase="delete",
        )
    ],
)
