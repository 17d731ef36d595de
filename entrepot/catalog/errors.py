"""Refusals of the catalog."""

from __future__ import annotations

from entrepot.kit.errors import Refusal


class SkuTaken(Refusal):
    code = "sku_taken"
    status = 409
    template = "The SKU “{sku}” belongs to another product of this seller, “{handle}”."
    next_step = "choose_another_sku"


class UnknownCategory(Refusal):
    code = "unknown_category"
    status = 422
    template = "There is no category “{slug}”."
    next_step = "choose_a_category"


class ProductIncomplete(Refusal):
    code = "product_incomplete"
    status = 422
    template = "The product “{handle}” lacks: {missing}."
    next_step = "complete_the_product"


class HeadingUnknown(Refusal):
    code = "heading_unknown"
    status = 422
    field = "hs6"
    template = "“{code}” is not an HS code: six digits that begin with a heading of the Harmonized System."
    next_step = "correct_the_code"


class CustomsCodeWrong(Refusal):
    code = "customs_code_wrong"
    status = 422
    template = "“{code}” is not a customs code of 8 to 10 digits that begins with the HS code {hs6}."
    next_step = "correct_the_code"


class FieldWrong(Refusal):
    code = "field_wrong"
    status = 422
    template = "{field}: “{value}” does not fit: {reason}"
    next_step = "correct_the_field"


class PictureRefused(Refusal):
    code = "picture_refused"
    status = 422
    template = "This picture was not taken: {reason}"
    next_step = "send_another_picture"
