"""`python -m entrepot` is the `entrepot` command."""

from entrepot.app.main import main

main()
