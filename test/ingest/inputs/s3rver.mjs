// A real S3 server in a process of its own: node s3rver.mjs FOLDER. Prints its address. It takes any signature.
// Lists of more than a thousand objects need --openssl-legacy-provider: it signs their continuation with an old cipher.
import S3rver from 's3rver'

const server = new S3rver({
  directory: process.argv[2],
  port: 0,
  address: '127.0.0.1',
  silent: true,
  configureBuckets: [{ name: 'logs' }],
})
const { port } = await server.run()
process.stdout.write(`http://127.0.0.1:${port}\n`)
