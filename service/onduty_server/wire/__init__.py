"""Between messages and the domain: conversion, checking of fields, encoding and splicing."""
