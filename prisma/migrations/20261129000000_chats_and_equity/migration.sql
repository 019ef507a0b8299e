-- CreateTable
CREATE TABLE "EquityHour" (
    "account" TEXT NOT NULL,
    "hour" INTEGER NOT NULL,
    "equity" BIGINT NOT NULL,

    PRIMARY KEY ("account", "hour")
);

-- CreateTable
CREATE TABLE "Letter" (
    "surface" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "text" TEXT NOT NULL,
    "settled" BOOLEAN NOT NULL,

    PRIMARY KEY ("surface", "id")
);

-- CreateTable
CREATE TABLE "Posted" (
    "surface" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "nonce" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "at" BIGINT NOT NULL,
    "isOpen" BOOLEAN NOT NULL,

    PRIMARY KEY ("surface", "place", "purpose", "subject")
);

-- CreateTable
CREATE TABLE "ChatMark" (
    "name" TEXT NOT NULL PRIMARY KEY,
    "value" TEXT NOT NULL
);

-- CreateIndex
CREATE INDEX "Letter_surface_settled_idx" ON "Letter"("surface", "settled");
