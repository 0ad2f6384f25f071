//! Reading an IMAP account without changing it.
