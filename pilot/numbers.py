"""Numbers that pass their check digits and belong to nobody: GTIN, NIF, IBAN, SIREN, NIP, USCC."""

from __future__ import annotations

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def gtin13(serial: int) -> str:
    """A GTIN-13 of the restricted range 29 (GS1 General Specifications: numbers for use inside a company)."""
    body = f"29{serial:010d}"
    return body + gtin_check(body)


def gtin_check(body: str) -> str:
    """The check digit: weights 3 and 1 from the right."""
    total = sum(int(char) * (3 if i % 2 == 0 else 1) for i, char in enumerate(reversed(body)))
    return str(-total % 10)


def nif(letter: str, serial: int) -> str:
    """A Spanish company's NIF: letter, seven digits, control digit (or letter, for cooperatives)."""
    body = f"{serial:07d}"
    total = sum(int(char) for char in body[1::2])
    for char in body[0::2]:
        total += sum(divmod(2 * int(char), 10))
    control = -total % 10
    return (
        letter
        + body
        + (
            str(control)
            if letter in "ABEH"
            else "JABCDEFGHI"[control]
            if letter in "NPQRSW"
            else str(control)
        )
    )


def iban(country: str, bban: str) -> str:
    """The IBAN of a national account number: two check digits by ISO 13616."""
    digits = "".join(str(int(char, 36)) for char in bban + country + "00")
    return f"{country}{98 - int(digits) % 97:02d}{bban}"


def spanish_iban(serial: int) -> str:
    """A Spanish IBAN of a bank code that is not given out (9999), with the national check digits right."""
    bank, account = "99990001", f"{serial:010d}"
    weights = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

    def digit(text: str) -> str:
        rest = (
            11
            - sum(int(char) * weight for char, weight in zip(text.rjust(10, "0"), weights, strict=True)) % 11
        )
        return {10: "1", 11: "0"}.get(rest, str(rest))

    return iban("ES", bank + digit(bank) + digit(account) + account)


def siren(serial: int) -> str:
    """A French SIREN: nine digits that pass Luhn."""
    body = f"{serial:08d}"
    total = sum(
        sum(divmod(int(char) * (2 if i % 2 == 0 else 1), 10)) for i, char in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def french_vat(serial: int) -> str:
    """The French VAT number of a SIREN."""
    number = siren(serial)
    return f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"


def nip(serial: int) -> str:
    """A Polish NIP: the first serial from here on whose check digit exists."""
    while True:
        body = f"{serial:09d}"
        control = (
            sum(int(char) * weight for char, weight in zip(body, (6, 5, 7, 2, 3, 4, 5, 6, 7), strict=True))
            % 11
        )
        if control < 10:
            return body + str(control)
        serial += 1


def uscc(serial: int) -> str:
    """A Chinese unified social credit code (GB 32100): 17 characters and a check character."""
    body = f"91990000MA{serial:07d}"
    total = sum(_USCC.index(char) * pow(3, i, 31) for i, char in enumerate(body))
    return body + _USCC[-total % 31]
