"""The writer's SQL, all of it: one module for each part of the log, functions of an open connection.

SQLite's today; what PostgreSQL would say otherwise (`json_each`, `INSERT OR IGNORE`) stands nowhere else. Instants are
whole microseconds, ids are rows.
"""
