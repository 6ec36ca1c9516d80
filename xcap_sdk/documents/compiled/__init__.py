"""xsdata's binding, compiled: for each class the functions that read and write its elements are made once.

    from xcap_sdk.documents.compiled.handler import CompiledHandler
    from xcap_sdk.documents.compiled.serializer import CompiledSerializer

    XmlParser(context=context, handler=CompiledHandler).from_bytes(xml, Books)
    CompiledSerializer(context=context).render(books)

Nothing here knows anything but xsdata and lxml. What the functions are made of is `XmlContext.build`, the
metadata that xsdata has of a class. The classes that need more (mixed and nillable content, wrappers,
unions of classes, qualified names as values) are read and written by xsdata itself, one element at a time.
"""
