control-title = Control room
control-totals = All stores together
control-filter = Which stores
control-all = All
control-late = Late
control-struggling = Struggling
control-attention = Needs attention
control-paused = Paused
control-backlog = Waiting
control-none = No store here
control-none-hint = Good: nothing of this kind needs a look.
backlog-inbox = Inbox
backlog-rechecks = To ask
backlog-outbox = Outbox

alerts-title = { $n ->
    [one] { $n } thing needs a look
   *[other] { $n } things need a look
  }
alerts-more = { $n ->
    [one] and { $n } more
   *[other] and { $n } more
  }
alert-since = since
alert-stale = its numbers are older than promised
alert-dead-letters = { $count ->
    [one] { $count } dead letter waits for a decision
   *[other] { $count } dead letters wait for a decision
  }
alert-parked = its worker was stopped
alert-needs-attention = only a person can mend it
alert-clone = { $count ->
    [one] a copy of the shop sends under its name; { $count } delivery was set aside
   *[other] a copy of the shop sends under its name; { $count } deliveries were set aside
  }
alert-storm = { $record } { $remote_id } is saved in a loop
alert-webhooks = its webhooks do not come as they should
stale-as-of = late; what you see is complete as of

budget-title = Request budget
budget-none = Its worker has not run yet.
budget-pace = 1 request per { $seconds } s
budget-rests = No request before
budget-slower = At half the pace until
budget-latency = Answers take
budget-milliseconds = { $n } ms
budget-page = Records per page
budget-requests = Requests so far
budget-failures = { $n ->
    [one] 1 failure so far.
   *[other] { $n } failures in a row.
  }
budget-open = left alone
budget-open-why = It failed too often in a row and is left alone for a while.
budget-half-open = one small request comes next
budget-half-open-why = The next request is a small one, which finds out whether it is well again.
budget-steady = all is well
budget-steady-why = The store answers quickly, at the pace it was found to take.
budget-learning = finding its pace
budget-learning-why = The store answers quickly, so it is asked a little faster, step by step.
budget-slow = answers are slow
budget-slow-why = The store takes long to answer, so it is given time between requests.
budget-throttled = it asked to slow down
budget-throttled-why = The store’s host answered that we ask too much. The pace is halved for a day.
budget-overloaded = it is overloaded
budget-overloaded-why = The store failed or did not answer in time, so it is asked less often and for less at a time.
budget-other-why = The pace follows what the store’s answers tell.
