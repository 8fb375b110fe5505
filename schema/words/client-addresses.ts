/** In which form visitors' addresses are kept. Whatever it is, it is so before anything is stored. */
export const CLIENT_ADDRESSES = ['whole', 'shortened', 'hashed', 'none'] as const
export type ClientAddresses = (typeof CLIENT_ADDRESSES)[number]
