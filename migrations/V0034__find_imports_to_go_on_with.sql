-- Files of counts that were cut off while they were written. For the look at what is due: its scope has no tenant filter.
CREATE INDEX stock_import_writing ON stock_import (id) WHERE state = 'writing';
