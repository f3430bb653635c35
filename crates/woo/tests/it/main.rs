//! The client against real sockets and real captures.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod batches;
#[cfg(test)]
mod captures;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod differential;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod glances;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod mutations;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod probing;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod rest_captures;
#[cfg(test)]
mod rest_table;
#[cfg(test)]
mod server;
#[cfg(test)]
mod simulator;
#[cfg(test)]
mod simulator_auth;
#[cfg(test)]
mod simulator_writes;
#[cfg(test)]
mod tls;
