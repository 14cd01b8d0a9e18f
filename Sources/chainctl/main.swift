import ChainCommands

ChainTool.main()
