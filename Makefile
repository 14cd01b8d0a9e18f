# What a checkout can do; `make help` lists it. Works with GNU Make 3.81 and later.

.PHONY: help demo test torture torture-quick lint format check-imports check-docs clean

# An import that Package.swift does not declare fails every build here.
BUILD_FLAGS = --explicit-target-dependency-import-check error

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: ## Attest this repository's files, verify, rotate the key, and see damage noticed
	@scripts/setup.sh
	@scripts/demo.sh

test: ## Build and run all tests
	@scripts/setup.sh
	@scripts/venv.sh
	swift build --build-tests $(BUILD_FLAGS)
	swift test --skip-build --parallel --disable-xctest $(BUILD_FLAGS)

torture: ## Simulate crashes at every byte of every write, and plant bugs that this must catch (minutes)
	@scripts/setup.sh
	swift build -c release --product torture $(BUILD_FLAGS)
	"$$(swift build -c release --show-bin-path)/torture" crash
	"$$(swift build -c release --show-bin-path)/torture" bugs

torture-quick: ## The same, at fewer bytes of each write
	@scripts/setup.sh
	swift build --product torture $(BUILD_FLAGS)
	"$$(swift build --show-bin-path)/torture" crash --quick
	"$$(swift build --show-bin-path)/torture" bugs

lint: ## Check the style of the sources
	swift format lint --strict --parallel --recursive Sources Tests Package.swift
	@scripts/check-source.sh

format: ## Bring the sources into style
	swift format --in-place --parallel --recursive Sources Tests Package.swift

check-imports: ## Check that every module imports only what Package.swift lets it
	@scripts/setup.sh
	swift build --build-tests $(BUILD_FLAGS)
	swift package dump-package | scripts/check-imports.py

check-docs: ## Check the links, the module drawing and the commands in the docs
	@python3 scripts/check-docs.py

clean: ## Remove what was built
	rm -rf .build
