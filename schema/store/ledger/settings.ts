/** Settings and states that belong to the data (a few KB each), by name. The last one who writes is right. */
export interface Settings {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}
