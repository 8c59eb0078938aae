/**
 * Names of caches. All folders of an origin share one storage, so a name says whose it is. A folder
 * holds no space (in a URL it is %20), so no folder's names begin like those of another.
 */
export function cachePrefix(scope: string): string {
  return `signedcert ${new URL(scope).pathname} `;
}

/** Deletes what this folder kept, but for one cache. Other folders' caches stay. */
export async function deleteCaches(scope: string, except: string | null): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(cachePrefix(scope)) && name !== except);
  await Promise.all(old.map((name) => caches.delete(name)));
}
