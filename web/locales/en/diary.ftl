diary-title = Diary
diary-empty = Nothing has happened yet.
diary-more = The whole diary
diary-connected = Connected; the first import began.
diary-imported = The first import is done: the copy is complete and live.
diary-live-again = It is live again.
diary-needs-attention = It needs a person. { $advice }
diary-parked = Its worker failed too often and was stopped.
diary-paused = Paused.
diary-resumed = Going on.
diary-stale = Its numbers were older than { $goal_minutes ->
    [one] the minute
   *[other] the { $goal_minutes } minutes
  } of its goal: { $minutes ->
    [one] { $minutes } minute.
   *[other] { $minutes } minutes.
  }
diary-fresh-again = Its numbers are fresh again, after { $minutes ->
    [0] less than a minute.
    [one] { $minutes } minute.
   *[other] { $minutes } minutes.
  }
diary-dirty = Something writes text around the store’s answers, such as a PHP warning. They could still be read.
diary-settings-changed = Its name or its freshness goal was changed.
diary-owners-set = Which fields the shop alone changes was set anew.
diary-reconcile-wanted = A reconcile was asked for.
diary-reconciled = { $drifted ->
    [0] Reconciled: { $checked } records looked at in { $seconds } s, all as in our copy.
   *[other] Reconciled: { $checked } records looked at in { $seconds } s, { $drifted } differed; { $repaired } repaired, { $gone } gone from the store.
  }
diary-sweep-disbelieved = The store hid { $suspects } of its { $resource } from a walk, too many to be true. Nothing was believed; the next walk looks again.
diary-replayed = { $deliveries ->
    [one] { $deliveries } delivery was handled again.
   *[other] { $deliveries } deliveries were handled again.
  }
diary-dead-retried = Dead letters were tried again: { $deliveries ->
    [one] { $deliveries } delivery
   *[other] { $deliveries } deliveries
  }, { $records ->
    [one] { $records } record
   *[other] { $records } records
  }.
diary-dead-discarded = { $letters ->
    [one] { $letters } dead letter was closed.
   *[other] { $letters } dead letters were closed.
  }
diary-storm = { $record } { $remote_id } is saved in a loop: { $deliveries } deliveries in { $seconds } s. It is read now and then until that ends.
diary-storm-over = { $verdict ->
    [unchanged] { $record } { $remote_id } was saved { $saves } times in { $seconds } s without a change. A plugin saves it in a loop; the others were not held up.
   *[other] { $record } { $remote_id } was saved { $saves } times in { $seconds } s and really changed. An automation works on it; the others were not held up.
  }
diary-webhooks-healed = { $cause ->
    [disabled] The store switched off { $topics } of its webhooks after failed deliveries
    [paused] { $topics } webhooks were paused in the store
    [deleted] { $topics } webhooks were deleted in the store
    [moved] { $topics } webhooks pointed elsewhere
    [owner] { $topics } webhooks ran for a user without rights
   *[other] { $topics } webhooks did not come
  } ({ $topic }{ $topics ->
    [one] {""}
   *[other] {" and others"}
  }). They were made anew; { $minutes ->
    [one] { $minutes } minute was
   *[other] { $minutes } minutes were
  } read again: { $recovered }.
diary-webhooks-missed = { $orders ->
    [one] { $orders } order
   *[other] { $orders } orders
  } in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
  } came without a webhook, and came to light by asking.
diary-hooks-refused = The store did not let us register webhooks. Changes are found by asking only.
diary-webhook-owner = Its webhooks ran for a user who lost the right to see what they tell of.
diary-secret-rotated = Its webhooks are signed with a new secret.
diary-clone-suspected = { $source } sends with this store’s secret. It looks like a copy of the shop; what it sends is set aside.
diary-source-accepted = { $source } is known as this store; { $retried ->
    [one] { $retried } delivery from there is
   *[other] { $retried } deliveries from there are
  } being applied.
