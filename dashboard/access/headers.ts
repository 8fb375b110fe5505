/** What every answer says to browsers: nothing from elsewhere, nothing inline, in no frame. */
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import plugin from 'fastify-plugin'

const SELF = ["'self'"]

async function headers(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': SELF,
        'style-src': SELF,
        'img-src': [...SELF, 'data:'],
        'connect-src': SELF,
        'font-src': SELF,
        'manifest-src': SELF,
        'base-uri': ["'none'"],
        'form-action': SELF,
        'frame-ancestors': ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    // with no-referrer even our own forms would have the Origin "null"
    referrerPolicy: { policy: 'same-origin' },
    // whether the whole host speaks https alone is for the one to say who has its certificate
    strictTransportSecurity: false,
  })

  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}

export const headerPlugin = plugin(headers, { name: 'headers' })
