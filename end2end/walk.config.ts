// The pictures of the README: `cargo xtask screenshots`.
import { defineConfig } from "@playwright/test";
import common from "./playwright.config.ts";

export default defineConfig({ ...common, testDir: "walk", fullyParallel: false, workers: 1, projects: [{ name: "the walk" }] });
