-- Costs by agent, session and turn, the dearest first, without reading what all the others cost (2 µs
-- for each of 24,500 agents). Written as storage/usage_documents.py asks, to the letter.
CREATE INDEX usage_by_cost ON documents (json_extract(value, '$.by'),
json_extract(value, '$.cost.total'), json_extract(value, '$.calls'), session_id)
WHERE topic = 'usage';
