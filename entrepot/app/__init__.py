"""Settings, URLs and the processes: how the rooms become one running product."""
