"""Who learned, who signs, and on whose behalf."""

from typing import Annotated

from signedcert.model.declarations import Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import URL, Text

Name = Annotated[str, Text(200)]


class Person(Labelled):
    """A learner."""

    wire_form = "map_or_bare"

    name: Annotated[Name, Label(0, "the name as the learner writes it, in any script")]
    latin_name: Annotated[
        Name | None, Label(1, "the same name in Latin script, where the first is in another")
    ] = None


class Signatory(Labelled):
    """A person whose name stands under the certificate."""

    wire_form = "map_or_bare"

    name: Annotated[Name, Label(0, "name")]
    title: Annotated[Name | None, Label(1, "title or office, such as Professor")] = None
    organisation: Annotated[
        Annotated[str, Text(300)] | None, Label(2, "the organisation the person signs for")
    ] = None


class Organisation(Labelled):
    """An organisation that awards certificates."""

    wire_form = "map_or_bare"

    name: Annotated[str, Text(300), Label(0, "name")]
    url: Annotated[Annotated[str, URL] | None, Label(1, "home page")] = None
