"""Settings: the model of each section, loading, editing, listing; imports no other room."""
