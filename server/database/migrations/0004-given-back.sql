-- What follows from a use, by the use: never more of it is given back than there was.
CREATE INDEX entry_by_base ON entry (workspace_id, linked_id) WHERE linked_id IS NOT NULL AND used IS NOT NULL;
