"""The same page by WeasyPrint and ReportLab, each in an environment of its own.

These scripts import nothing of signedcert: they are given the words, dates and QR codes.
"""
