"""Pages of the console, one file a job."""
