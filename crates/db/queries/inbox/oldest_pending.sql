-- The oldest delivery that still waits; its day must not be dropped. One look per hour.
SELECT min(received_at)
FROM inbox
WHERE state = 'pending'
