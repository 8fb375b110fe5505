/**
 * The variables of this process for an npm of its own: what an npm around it was told (--global, --omit, --ignore-scripts …) does not
 * hold there, but for where packages come from.
 */
export const npmEnvironment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_config_(?!registry|cache|userconfig|.*proxy)/i.test(name)),
  )
