# Two stages: one builds, one runs. The data lives in the volume /data.
FROM node:24-bookworm-slim AS build
WORKDIR /faultline
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-bookworm-slim
WORKDIR /faultline
ENV NODE_ENV=production FAULTLINE_STORE=sqlite:/data/faultline.sqlite FAULTLINE_HOST=0.0.0.0 FAULTLINE_PORT=8080
# glibc keeps memory apart for each thread, and what one has given back another can not have; what was given back between
# things that are still needed it keeps as well, unless it came from the system by itself
ENV MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=4194304
COPY --from=build /faultline/package.json ./
COPY --from=build /faultline/node_modules node_modules
COPY --from=build /faultline/dist dist
COPY --from=build /faultline/schema/status/catalogue schema/status/catalogue
RUN ln -s /faultline/dist/main.js /usr/local/bin/faultline && chmod +x dist/main.js && mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["faultline", "serve"]
