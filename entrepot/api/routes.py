"""Every operation, in the order of the docs page. Importing this module registers them."""

import entrepot.api.catalogue
import entrepot.api.papers
import entrepot.api.selling
import entrepot.api.shopping  # noqa: F401
