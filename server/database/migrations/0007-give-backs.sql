-- What gives back, by when the use counts: two who give one use back without knowing of each other give it back once.
CREATE INDEX entry_giving_back ON entry (workspace_id, spent_at) INCLUDE (linked_id, member_id, team_id)
  WHERE linked_id IS NOT NULL AND used < 0;
