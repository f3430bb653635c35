notices-title = Notices
notices-empty = Nothing yet
notices-empty-hint = What others do with your requests and tickets, and what needs you, is told here.
notices-read-all = Mark all as read
notice-read = Mark as read
notice-unread = { $n ->
    [one] { $n } unread notice
   *[other] { $n } unread notices
  }
notice-new = Unread:
notice-request-asked = R-{ $number } waits for a decision: { $about }
notice-request-approved = R-{ $number } was approved and is on its way to the store: { $about }
notice-request-rejected = R-{ $number } was rejected: { $about }
notice-request-commented = Somebody wrote about R-{ $number }: { $about }
notice-request-reminded = R-{ $number } still waits for a decision: { $about }
notice-request-expired = R-{ $number } has expired, nobody decided it in time: { $about }
notice-request-applied = R-{ $number } is done, the store holds it now: { $about }
notice-request-failed = R-{ $number } could not be written to the store: { $about }
notice-ticket-opened = T-{ $number } was opened: { $about }
notice-ticket-said = T-{ $number } has a new message: { $about }
notice-ticket-assigned = T-{ $number } was given to you: { $about }
notice-ticket-noted = T-{ $number } has a new internal note: { $about }
notice-ticket-closed = T-{ $number } was closed: { $about }
notice-ticket-reopened = T-{ $number } was opened again: { $about }
notice-ticket-late = T-{ $number } was not answered in time: { $about }
notice-stock-low = { $about } is low: { $quantity } left, warned at { $level }

letters-title = Letters
letters-none = No letter was written yet.
letter-again = Send again
letter-waiting = On its way
letter-sent = Sent
letter-failed = Not sent
letter-due = It is tried again
letter-tries = Every try
letter-no-smtp = No mail server is configured, so no letter leaves. Once there is one, send it again.
letter-refused = The mail server refused it.
letter-gave-up = It was tried for a working day without success.
letter-bad-address = No mail can be sent to this address.
letter-try-sent = Taken
letter-try-later = Not now
letter-try-refused = Refused
letter-try-unknown = Nobody knows
