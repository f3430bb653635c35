-- Which of these files have a row. Index attachment_platform_id.
SELECT id
FROM attachment
WHERE id = ANY ($1)
