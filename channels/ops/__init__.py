"""The operators' doors of the Rasa process."""
