-- CreateTable
CREATE TABLE "Entry" (
    "seq" BIGINT NOT NULL PRIMARY KEY,
    "term" INTEGER NOT NULL,
    "at" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "facts" TEXT NOT NULL,
    "effects" TEXT NOT NULL,
    "engine" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "seq" BIGINT NOT NULL PRIMARY KEY,
    "engine" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "state" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Projection" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "seq" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Signal" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "short" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "account" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "whale" TEXT,
    "title" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "price" BIGINT NOT NULL,
    "size" BIGINT NOT NULL,
    "openedAt" BIGINT NOT NULL,
    "verdict" TEXT,
    "why" TEXT NOT NULL,
    "settledAt" BIGINT
);

-- CreateTable
CREATE TABLE "StoryLine" (
    "subject" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,

    PRIMARY KEY ("subject", "seq")
);

-- CreateTable
CREATE TABLE "Order" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "signal" TEXT NOT NULL,
    "short" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "limit" BIGINT NOT NULL,
    "size" BIGINT NOT NULL,
    "filled" BIGINT NOT NULL,
    "notional" BIGINT NOT NULL,
    "fee" BIGINT NOT NULL,
    "status" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "plannedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Fill" (
    "order" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "price" BIGINT NOT NULL,
    "size" BIGINT NOT NULL,
    "notional" BIGINT NOT NULL,
    "fee" BIGINT NOT NULL,
    "happenedAt" BIGINT NOT NULL,

    PRIMARY KEY ("order", "id")
);

-- CreateTable
CREATE TABLE "Position" (
    "account" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "condition" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "shares" BIGINT NOT NULL,
    "cost" BIGINT NOT NULL,
    "fees" BIGINT NOT NULL,
    "realised" BIGINT NOT NULL,
    "openedAt" BIGINT NOT NULL,
    "closedAt" BIGINT,
    "profit" BIGINT,

    PRIMARY KEY ("account", "token", "seq")
);

-- CreateTable
CREATE TABLE "Whale" (
    "address" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "followedAt" BIGINT NOT NULL,
    "unfollowedAt" BIGINT,
    "score" INTEGER,
    "record" TEXT,
    "quality" TEXT
);

-- CreateTable
CREATE TABLE "Approval" (
    "signal" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "askedAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "side" TEXT NOT NULL,
    "limit" BIGINT NOT NULL,
    "size" BIGINT NOT NULL,
    "dollars" BIGINT NOT NULL,
    "expected" BIGINT NOT NULL,
    "decision" TEXT,
    "person" TEXT,
    "surface" TEXT,
    "press" TEXT,
    "decidedAt" BIGINT,
    "why" TEXT NOT NULL,

    PRIMARY KEY ("signal", "round")
);

-- CreateTable
CREATE TABLE "ModeChange" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "accepted" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    "person" TEXT NOT NULL,
    "surface" TEXT NOT NULL,
    "press" TEXT NOT NULL,
    "reason" TEXT NOT NULL,

    PRIMARY KEY ("seq", "place")
);

-- CreateTable
CREATE TABLE "LimitChange" (
    "seq" BIGINT NOT NULL,
    "place" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "person" TEXT NOT NULL,
    "surface" TEXT NOT NULL,
    "press" TEXT NOT NULL,

    PRIMARY KEY ("seq", "place", "name")
);

-- CreateTable
CREATE TABLE "Hold" (
    "holder" TEXT NOT NULL PRIMARY KEY,
    "effect" TEXT NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT,
    "release" TEXT NOT NULL,
    "why" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "DayProfit" (
    "account" TEXT NOT NULL,
    "day" INTEGER NOT NULL,
    "profit" BIGINT NOT NULL,
    "fees" BIGINT NOT NULL,
    "fills" INTEGER NOT NULL,

    PRIMARY KEY ("account", "day")
);

-- CreateTable
CREATE TABLE "WhaleProfit" (
    "account" TEXT NOT NULL,
    "whale" TEXT NOT NULL,
    "profit" BIGINT NOT NULL,
    "fees" BIGINT NOT NULL,

    PRIMARY KEY ("account", "whale")
);

-- CreateIndex
CREATE INDEX "Signal_short_seq_idx" ON "Signal"("short", "seq");

-- CreateIndex
CREATE INDEX "Signal_seq_idx" ON "Signal"("seq");

-- CreateIndex
CREATE INDEX "Order_seq_idx" ON "Order"("seq");

-- CreateIndex
CREATE INDEX "Order_signal_idx" ON "Order"("signal");

-- CreateIndex
CREATE INDEX "Position_account_closedAt_idx" ON "Position"("account", "closedAt");
