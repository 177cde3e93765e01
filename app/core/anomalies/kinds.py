"""The kinds of unusual patterns: what each is called, and what harmless reason it may well have."""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message, say


class Kind(StrEnum):
    """What is unusual."""

    MAILBOX = "mailbox"
    TAGGED = "tagged"
    NUMBERED = "numbered"
    THROWAWAY = "throwaway"
    DOMAIN = "domain"
    DOMAIN_DAY = "domain_day"
    ADDRESS = "address"
    ADDRESS_DAY = "address_day"
    STREET_DAY = "street_day"
    NAME_DAY = "name_day"
    BIRTH_DATE = "birth_date"
    VERY_OLD = "very_old"
    CHILDREN_DAY = "children_day"
    SPELLING = "spelling"
    REDATED = "redated"
    FIGURES = "figures"
    BY_NAME = "by_name"
    BY_BIRTH_DATE = "by_birth_date"
    BY_HOUSE = "by_house"
    DAY = "day"
    UNUSED = "unused"
    NETWORK = "network"
    GUESSED = "guessed"
    CANCELLED = "cancelled"
    DESK_DAY = "desk_day"


TITLES: dict[Kind, Message] = {
    Kind.MAILBOX: say("One e-mail address for many people"),
    Kind.TAGGED: say("Several spellings of one mailbox"),
    Kind.NUMBERED: say("E-mail addresses numbered one after the other"),
    Kind.THROWAWAY: say("Throwaway e-mail addresses"),
    Kind.DOMAIN: say("Many people at one rare mail provider"),
    Kind.DOMAIN_DAY: say("One mail provider far more than usual on one day"),
    Kind.ADDRESS: say("Many people at one postal address"),
    Kind.ADDRESS_DAY: say("Many people at one postal address on one day"),
    Kind.STREET_DAY: say("One street far more than usual on one day"),
    Kind.NAME_DAY: say("One name far more than usual on one day"),
    Kind.BIRTH_DATE: say("Many people born on one day"),
    Kind.VERY_OLD: say("More very old people than there can well be"),
    Kind.CHILDREN_DAY: say("Children far more than usual on one day"),
    Kind.SPELLING: say("Nearly the same name, born on the same day, at one address"),
    Kind.REDATED: say("The same name with several birth dates, at one address"),
    Kind.FIGURES: say("Figures in names"),
    Kind.BY_NAME: say("People declared in alphabetical order"),
    Kind.BY_BIRTH_DATE: say("People declared in the order of their birth dates"),
    Kind.BY_HOUSE: say("Houses of one street declared one after the other"),
    Kind.DAY: say("Far more people than usual on one day"),
    Kind.UNUSED: say("Codes asked for by e-mail and not used"),
    Kind.NETWORK: say("Many codes asked for from one network on one day"),
    Kind.GUESSED: say("Many wrong printed codes on one day"),
    Kind.CANCELLED: say("Many printed codes of one batch cancelled"),
    Kind.DESK_DAY: say("Far more people than usual added at the desk by one official"),
}

HINTS: dict[Kind, Message] = {
    Kind.MAILBOX: say("Harmless if it is a large family, or an association that lends its mailbox to people who have none."),
    Kind.TAGGED: say("Harmless if a family tells its members apart in this way; all these addresses lead to one mailbox."),
    Kind.NUMBERED: say("Harmless if an organisation gives such addresses to its members."),
    Kind.THROWAWAY: say("These addresses are made without an account and thrown away. Some people use them to protect their privacy."),
    Kind.DOMAIN: say(
        "Harmless if it is a local employer, a school or an association. Whoever owns such a domain can make any number of addresses."
    ),
    Kind.DOMAIN_DAY: say("Harmless if an employer or a school spoke of the vote on that day."),
    Kind.ADDRESS: say("Harmless if it is a large building or a residence. Somebody of the city may know the place."),
    Kind.ADDRESS_DAY: say("Harmless if a residence or a home held a workshop on that day."),
    Kind.STREET_DAY: say("Harmless if a meeting was held in that street on that day."),
    Kind.NAME_DAY: say("Harmless if a large family voted together."),
    Kind.BIRTH_DATE: say("Papers give 1 January to people whose birthday is not known: that day is allowed for."),
    Kind.VERY_OLD: say("Harmless if a home for the elderly voted with help. Ages are compared with those of the country as a whole."),
    Kind.CHILDREN_DAY: say("Harmless if a school voted on that day."),
    Kind.SPELLING: say("Harmless if they are twins. It may also be one person who mistyped the name the first time, and did not notice."),
    Kind.REDATED: say("Harmless if parent and child bear one name. It may also be one person who mistyped the birth date the first time."),
    Kind.FIGURES: say("No civil name has figures. Often somebody trying the page out."),
    Kind.BY_NAME: say("People come in no order. A list of names was perhaps typed in by one person."),
    Kind.BY_BIRTH_DATE: say("People come in no order. A list of names was perhaps typed in by one person."),
    Kind.BY_HOUSE: say("Harmless if volunteers went from door to door, each resident typing in their own declaration."),
    Kind.DAY: say("Harmless after an article or a meeting, and on the first and last days of a vote."),
    Kind.UNUSED: say("Harmless if e-mails arrive late or are taken for unwanted mail: ask the mail server first."),
    Kind.NETWORK: say("Harmless if it is a school, a library or a large employer: everybody there shares one network."),
    Kind.GUESSED: say("Harmless if a printed batch is hard to read. Guessing finds nothing: a code has eighty random bits."),
    Kind.CANCELLED: say("Harmless if letters came back from the post. The journal tells who cancelled them."),
    Kind.DESK_DAY: say("Harmless if a voting place was busy. The journal tells who added whom."),
}
