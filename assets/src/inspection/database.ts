import type { SurveyDraft, SurveyPack, SurveyResult } from "../survey/types";
import type { Draft, Pack, Photo, Result } from "./types";

export const DATABASE = "muheng-field";
/** Inspections came first, the survey with 2. */
const VERSION = 2;

interface Stores {
  pack: Pack;
  drafts: Draft;
  results: Result;
  photos: Photo;
  surveyPack: SurveyPack;
  surveyDrafts: SurveyDraft;
  surveyResults: SurveyResult;
}

type StoreName = keyof Stores;

let opened: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      const database = request.result;
      if (oldVersion < 1) {
        database.createObjectStore("pack");
        database.createObjectStore("drafts", { keyPath: "task" });
        database.createObjectStore("results", { keyPath: "visit" });
        database.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", "visit");
      }
      database.createObjectStore("surveyPack");
      database.createObjectStore("surveyDrafts", { keyPath: "key" });
      database.createObjectStore("surveyResults", { keyPath: "visit" });
    };
    request.onsuccess = () => {
      // A page of the next version waits for this one to let go.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("the browser's storage is full"));
  });
}

export async function read<N extends StoreName>(store: N, key: string): Promise<Stores[N] | undefined> {
  return answered((await open()).transaction(store).objectStore(store).get(key));
}

export async function readAll<N extends StoreName>(store: N): Promise<Stores[N][]> {
  return answered((await open()).transaction(store).objectStore(store).getAll());
}

export async function photosOf(visit: string): Promise<Photo[]> {
  const photos: Photo[] = await answered((await open()).transaction("photos").objectStore("photos").index("visit").getAll(visit));
  return photos.sort((a, b) => a.device_at.localeCompare(b.device_at));
}

/** Several changes that stand or fall together: on the disk, or not at all. */
export async function change(stores: StoreName[], act: (of: (store: StoreName) => IDBObjectStore) => void): Promise<void> {
  // "strict": what was reported as saved survives a battery that is pulled out.
  const transaction = (await open()).transaction(stores, "readwrite", { durability: "strict" });
  act((store) => transaction.objectStore(store));
  await done(transaction);
}

export function put<N extends StoreName>(store: N, value: Stores[N], key?: string): Promise<void> {
  return change([store], (of) => void of(store).put(value, key));
}

export function remove(store: StoreName, key: string): Promise<void> {
  return change([store], (of) => void of(store).delete(key));
}
