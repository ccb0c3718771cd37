import { RouterError } from '../../engine/ports.js'
import type { Database } from './package.js'

/**
 * The tables, and the migrations from older files. `conversations` and `messages` are also read by people: their plain
 * columns are described in docs/sqlite.md; the router's own columns follow them.
 */

/** "mrtr": tells this program's files from other SQLite databases. */
const APPLICATION_ID = 0x6d727472

/** Each step leads from the version of its index to the next one. Released steps never change; new ones are added. */
const STEPS: readonly string[] = [
  `
  CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    page_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    platform TEXT,
    state TEXT NOT NULL,
    bot_enabled INTEGER NOT NULL,
    paused_until TEXT,
    pause_reason TEXT,
    pause_note TEXT,
    waiting INTEGER NOT NULL,
    dead_letters INTEGER NOT NULL,
    customer_name TEXT,
    customer_username TEXT,
    created_at TEXT NOT NULL,
    last_message_at TEXT,
    version INTEGER NOT NULL,
    place INTEGER,
    list INTEGER,
    due_ms INTEGER,
    keep_ms INTEGER NOT NULL,
    history_ms INTEGER NOT NULL,
    tidy_ms INTEGER NOT NULL,
    data TEXT NOT NULL
  );
  CREATE INDEX conversations_by_activity ON conversations (place) WHERE place IS NOT NULL;
  CREATE INDEX conversations_by_list ON conversations (list, place) WHERE place IS NOT NULL;
  CREATE INDEX conversations_by_page ON conversations (page_id, place) WHERE place IS NOT NULL;
  CREATE INDEX conversations_by_user ON conversations (user_id);
  CREATE INDEX conversations_with_dead_letters ON conversations (number) WHERE dead_letters > 0;
  CREATE INDEX conversations_by_due ON conversations (due_ms) WHERE due_ms IS NOT NULL;
  CREATE INDEX conversations_by_tidy ON conversations (tidy_ms);

  CREATE TABLE names (name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (name, number)) WITHOUT ROWID;
  CREATE INDEX names_by_number ON names (number);

  CREATE TABLE messages (
    conversation_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    external_message_id TEXT,
    type TEXT NOT NULL,
    message_type TEXT NOT NULL,
    content TEXT,
    status TEXT NOT NULL,
    reason TEXT,
    evidence TEXT,
    source TEXT,
    created_at TEXT NOT NULL,
    arrived_ms INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (conversation_id, seq)
  ) WITHOUT ROWID;

  CREATE TABLE seen (period INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (period, hash)) WITHOUT ROWID;

  CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    conversation_id TEXT NOT NULL,
    what TEXT NOT NULL,
    head TEXT NOT NULL,
    body TEXT NOT NULL
  );

  CREATE TABLE channels (id TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO numbers VALUES ('sequence', 0), ('feed_cut', 0), ('checked', 0);
  `,
  `
  CREATE TABLE notifications (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    target TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    at_ms REAL NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX notifications_by_subject ON notifications (subject);
  CREATE TABLE announced (channel_id TEXT PRIMARY KEY, is_connected INTEGER NOT NULL) WITHOUT ROWID;
  `,
  // Every message moved its conversation in this index, and the indexes of the lists together have the same order.
  'DROP INDEX conversations_by_activity;',
  'CREATE TABLE tokens (channel_id TEXT PRIMARY KEY, sealed TEXT NOT NULL) WITHOUT ROWID;',
]

export const SCHEMA_VERSION = STEPS.length

/** Migrates the file to this program's schema, in one transaction. */
export function migrate(database: Database, path: string, steps: readonly string[] = STEPS): void {
  const version = numberOf(database, 'user_version')
  const isEmpty = version === 0 && numberOf(database, 'schema_version') === 0
  if (!isEmpty && numberOf(database, 'application_id') !== APPLICATION_ID) {
    throw new RouterError(
      'store_unavailable',
      `${path} is an SQLite database of another program: give the router a directory of its own as DATA_DIR.`,
    )
  }
  if (version > steps.length) {
    throw new RouterError(
      'store_unavailable',
      `${path} has schema version ${version}, written by a newer message router; this one knows up to ${steps.length}. ` +
        'Run the newer one, or restore a backup from before the upgrade.',
    )
  }
  if (version === steps.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const step of steps.slice(version)) database.exec(step)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${steps.length}; COMMIT`)
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function numberOf(database: Database, pragma: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() as object)[0])
}
