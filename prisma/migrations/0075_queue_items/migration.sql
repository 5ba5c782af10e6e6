-- Outcomes are written over what was noted before: room on the page keeps such a change away from the index.
ALTER TABLE series.queue_operation_item SET (fillfactor = 50);
