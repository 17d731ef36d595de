"""The door of a hub's floor: phone screens that scan with and without a network, waves, cages, and how the shift goes."""
