import { RouterError } from '../../engine/ports.js'

/** SQLite is an optional package with prebuilt binaries, loaded only when this store is used. */
export type Sqlite = typeof import('@photostructure/sqlite')
export type Database = InstanceType<Sqlite['DatabaseSync']>

export async function loadSqlite(
  load: () => Promise<Sqlite> = () => import('@photostructure/sqlite'),
): Promise<Sqlite> {
  try {
    return await load()
  } catch (cause) {
    throw new RouterError(
      'store_unavailable',
      'DATA_DIR needs the package @photostructure/sqlite, which is not installed or has no binary for this machine: ' +
        'run "npm install" without --omit=optional, or use REDIS_URL instead of DATA_DIR.',
      { cause },
    )
  }
}
