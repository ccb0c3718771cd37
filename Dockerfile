FROM node:24.22.3-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit
# SQLite comes with its sources and a binary for each kind of machine, 29 MB: the image keeps the one that fits it.
RUN cd node_modules/@photostructure/sqlite && rm -rf src scripts && \
    find prebuilds -type f ! -path "prebuilds/$(node -p 'process.platform + "-" + process.arch')/*.glibc.node" -delete

FROM node:24.22.3-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY tsconfig.json ./
COPY src ./src
RUN node_modules/.bin/tsc -p tsconfig.json && node src/console/build.mjs
# Readable for whichever user the container is given, however strict the umask of the checkout was.
RUN chmod 0644 package.json && mkdir /data

FROM node:24.22.3-slim
LABEL org.opencontainers.image.title="message-router" \
      org.opencontainers.image.description="Knows who wrote each message in an Instagram or Messenger thread, the bot or a person, and keeps the bot quiet when a person steps in." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.base.name="docker.io/library/node:24.22.3-slim"
ENV NODE_ENV=production
# V8's helpers (collector, compiler) get one thread instead of four, which on one core would each take a turn before the event loop.
# The young generation is half of Node 24's: collected twice as often, each time for half as long.
ENV NODE_OPTIONS="--v8-pool-size=1 --max-semi-space-size=16"
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# Where DATA_DIR may point, with a volume mounted there. A new volume takes over whose it is.
COPY --from=build --chown=1000:1000 /data /data
# By number, so that a cluster can see that it is not root. Nothing is written but in DATA_DIR, so any other number does as well.
USER 1000:1000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through the base image's entry point, which is a shell script: node itself is the first process and gets the signals.
ENTRYPOINT []
CMD ["node", "dist/main.js"]
