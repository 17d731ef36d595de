"""The pages of the seller centre, by job."""
